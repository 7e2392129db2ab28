// Which names of a plan can stand beside each other at a scale. Sizes and places are in css px.
const CHARACTER = 7.4;
const LINE = 15;
// Of a name, before it breaks (assets/map.css).
const WIDEST = 104;
const NARROWEST = 60;
const APART = 3;

// How far a name reaches to the left of and above the point where it stands, as parts of its size.
const ANCHORS = { middle: [0.5, 0.5], above: [0, 1], above_end: [1, 1], below: [0, 0], below_end: [1, 0], over: [0.5, 1] };

/** About how large a name is drawn at a scale, known before anything is; a room's breaks at the room's width. */
export function sizeOf({ kind, text, room_width: room }, scale) {
  if (kind === "site") return { width: text.length * CHARACTER, height: LINE };
  const widest = room ? Math.min(WIDEST, Math.max(NARROWEST, room * scale)) : WIDEST;
  let [lines, line, width] = [1, 0, 0];
  for (const word of text.split(" ")) {
    const length = word.length * CHARACTER;
    if (line && line + CHARACTER + length > widest) {
      lines += 1;
      line = length;
    } else line += (line && CHARACTER) + length;
    width = Math.max(width, line);
  }
  return { width, height: lines * LINE };
}

/** How fine lines and dots are drawn (1: fully) where the smallest room is so many px: else they would hide it. */
export const fineness = (px) => Math.round(100 * Math.max(0.3, Math.min(1, px / 36))) / 100;

export function boxOf({ anchor }, { width, height }, x, y) {
  const [left, up] = ANCHORS[anchor];
  return [x - left * width, y - up * height, width, height];
}

export const touches = (one, other, apart = APART) =>
  one[0] < other[0] + other[2] + apart && other[0] < one[0] + one[2] + apart && one[1] < other[1] + other[3] + apart && other[1] < one[1] + one[3] + apart;

/** Of labels in the order of their weight, those that fit: a lit one always, a room's within its room, none upon another. */
export function placed(labels, sizes, scale) {
  const stand = [];
  return labels.map((label, index) => {
    const size = sizes[index];
    const box = boxOf(label, size, label.x * scale, label.y * scale);
    const fits = label.state !== "" || label.room_width === 0 || (size.width <= label.room_width * scale * 1.15 && size.height <= label.room_height * scale);
    if (!fits || (label.state === "" && stand.some((each) => touches(each, box)))) return false;
    stand.push(box);
    return true;
  });
}
