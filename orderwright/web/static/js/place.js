// Put a floating element beside its anchor, inside the window.
const GAP = 4;
const EDGE = 8;

export function place(floating, anchor) {
  const from = anchor.getBoundingClientRect();
  const size = floating.getBoundingClientRect();
  const below = from.bottom + GAP + size.height <= innerHeight - EDGE;
  const top = below ? from.bottom + GAP : Math.max(EDGE, from.top - GAP - size.height);
  const startsLeft = from.left + size.width <= innerWidth - EDGE;
  const left = startsLeft ? from.left : Math.max(EDGE, from.right - size.width);
  floating.style.top = `${top}px`;
  floating.style.left = `${left}px`;
}
