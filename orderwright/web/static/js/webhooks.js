// Event types: "everything" puts the chooser away; the search leaves what is called like it.
const chooser = document.querySelector("[data-chooser]");
const everything = document.querySelector("[data-everything]");
const box = document.querySelector("[data-chooser-search]");

function showChooser() {
  chooser.hidden = everything.checked;
}

function narrow(words) {
  let found = 0;
  for (const area of chooser.querySelectorAll("details")) {
    let here = 0;
    for (const noun of area.querySelectorAll(".noun")) {
      let some = 0;
      for (const label of noun.querySelectorAll("[data-words]")) {
        const text = label.dataset.words.toLowerCase();
        label.hidden = !words.every((word) => text.includes(word));
        some += label.hidden ? 0 : 1;
      }
      noun.hidden = some === 0;
      here += some;
    }
    area.hidden = here === 0;
    area.open = words.length ? here > 0 : area.querySelector(":checked") !== null;
    found += here;
  }
  chooser.querySelector("[data-chooser-none]").hidden = found > 0;
}

if (chooser) {
  box.hidden = false;
  everything.addEventListener("change", showChooser);
  box.querySelector("input").addEventListener("input", (event) => {
    narrow(event.target.value.toLowerCase().replaceAll(".", " ").split(/[\s_]+/).filter(Boolean));
  });
  box.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  showChooser();
}
