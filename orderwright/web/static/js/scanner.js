// A scanner types fast and ends with Enter. What it reads arrives here wherever the focus is, as a
// `scanned` event with the code; what it typed into a field is taken back, and no form is sent.
const GAP = 60; // milliseconds between two keys of a scanner, at most
const SHORTEST = 3;

let keys = [];
let last = 0;
let field = null;
let before = "";

const isText = (element) => element?.matches?.("input:not([type='checkbox'], [type='radio']), textarea");

function start(target) {
  keys = [];
  field = isText(target) ? target : null;
  before = field?.value ?? "";
}

function isScan() {
  return keys.length >= SHORTEST;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const now = event.timeStamp;
    if (event.key === "Enter") {
      if (isScan() && now - last <= GAP) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (field) field.value = before;
        const code = keys.join("");
        start(null);
        document.dispatchEvent(new CustomEvent("scanned", { detail: code }));
      } else start(null);
      return;
    }
    if (event.key.length !== 1) return;
    if (now - last > GAP) start(event.target);
    keys.push(event.key);
    last = now;
    // A key in the middle of a burst is no shortcut, nor does it press a button.
    if (keys.length > 1 && !field) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

// ---------- What is heard ----------

let audio = null;

function tone(frequency, from, length) {
  const sound = audio.createOscillator();
  const volume = audio.createGain();
  sound.frequency.value = frequency;
  volume.gain.value = 0.15;
  sound.connect(volume).connect(audio.destination);
  sound.start(audio.currentTime + from);
  sound.stop(audio.currentTime + from + length);
}

export function beep(isGood) {
  try {
    audio ??= new AudioContext();
    if (isGood) tone(1200, 0, 0.08);
    else for (const from of [0, 0.22]) tone(240, from, 0.16);
  } catch {
    // No sound on this device: the words stand on the page.
  }
}

// ---------- What is said ----------

export function say(place, words, isGood) {
  const said = place?.querySelector("[data-scan-said]");
  if (!said) return;
  said.hidden = false;
  said.dataset.tone = isGood ? "good" : "bad";
  said.querySelector("span").textContent = words;
}
