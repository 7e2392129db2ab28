// The hands on the plan: d3-zoom moves one layer, and nothing is drawn anew until it stands still. Loaded when a plan is on screen.
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { fineness, placed } from "./labels.js";

const STEP = 1.6;
const ARROW_PX = 72;
const READABLE_PX = 56; // a marked room smaller than this is shown larger
const NEAR = 0.4; // and only if what is marked takes up less than so much of the frame
const LARGEST_PX = 160; // how large the smallest room can be shown

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Where the plan was when its page was left, in parts of its size: the next page begins there.
let kept = null;

const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200);

/** Moves the plan of a stage until `leave`; `settle` after it was drawn anew. */
export function movable(stage) {
  const [world, plan, svg] = [".world", ".plan", "svg"].map((part) => stage.querySelector(part));
  const area = select(stage);
  let frame = measure();
  let labels = null;
  let marked = "";
  let settledAt = 0;

  function measure() {
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    const [x, y, across] = svg.getAttribute("viewBox").split(" ").map(Number);
    return { width, height, left: plan.offsetLeft, top: plan.offsetTop, planWidth: plan.offsetWidth, planHeight: plan.offsetHeight, x, y, scale: plan.offsetWidth / across };
  }

  const hand = zoom()
    .on("start", () => world.classList.add("moving"))
    .on("zoom", ({ transform: { x, y, k } }) => {
      world.style.transform = `translate(${x}px,${y}px) scale(${k})`;
    })
    .on("end", ({ transform }) => {
      world.classList.remove("moving");
      keep(transform);
      if (transform.k !== settledAt) stand(transform.k);
    })
    .duration(motion());

  const now = () => stage.__zoom;

  function keep({ x, y, k }) {
    kept = { k, across: ((frame.width / 2 - x) / k - frame.left) / frame.planWidth, down: ((frame.height / 2 - y) / k - frame.top) / frame.planHeight };
  }

  /** Names keep their size at every zoom, and appear where there is room for them. */
  function stand(k) {
    settledAt = k;
    plan.style.setProperty("--k", k);
    plan.style.setProperty("--fine", fineness(smallest() * frame.scale * k));
    const spans = [...plan.querySelectorAll(".label")];
    if (!labels || spans.length !== labels.length) return;
    const sizes = spans.map((each) => ({ width: each.offsetWidth, height: each.offsetHeight }));
    placed(labels, sizes, frame.scale * k).forEach((stands, index) => spans[index].setAttribute("data-tucked", String(!stands)));
  }

  const smallest = () => Math.min(...(labels ?? []).filter(({ kind }) => kind === "room").map((each) => Math.min(each.room_width, each.room_height)));

  function limits() {
    const largest = Math.min(60, Math.max(4, LARGEST_PX / (smallest() * frame.scale)));
    hand.scaleExtent([1, largest]).extent([[0, 0], [frame.width, frame.height]]);
    hand.translateExtent([[0, 0], [frame.width, frame.height]]);
  }

  const moved = (ms = motion()) => (ms ? area.transition().duration(ms) : area);
  const put = (transform, ms) => moved(ms).call(hand.transform, transform);
  const within = (least, value) => Math.min(0, Math.max(least, value));

  /** That point of the frame in its middle, or as near to it as the plan's edges allow. */
  function middleOn(k, x, y) {
    return zoomIdentity.translate(within(frame.width * (1 - k), frame.width / 2 - k * x), within(frame.height * (1 - k), frame.height / 2 - k * y)).scale(k);
  }

  function back() {
    if (!kept) return zoomIdentity;
    return middleOn(kept.k, frame.left + kept.across * frame.planWidth, frame.top + kept.down * frame.planHeight);
  }

  /** Show a part of the plan (metres), with some of what is around it. */
  function show({ x, y, width, height }, around = 1.2) {
    const k = Math.min(frame.width / (width * frame.scale * around), frame.height / (height * frame.scale * around));
    const [least, most] = hand.scaleExtent();
    put(middleOn(Math.max(least, Math.min(most, k)), frame.left + (x + width / 2 - frame.x) * frame.scale, frame.top + (y + height / 2 - frame.y) * frame.scale));
  }

  const isInside = (shape) => {
    const [box, hole] = [shape.getBoundingClientRect(), stage.getBoundingClientRect()];
    return box.left >= hole.left - 1 && box.right <= hole.right + 1 && box.top >= hole.top - 1 && box.bottom <= hole.bottom + 1;
  };

  /** Where what is marked cannot be seen well, go there; else nothing moves. */
  function look() {
    const shapes = [...svg.querySelectorAll('.room:not([data-state=""])')];
    const found = shapes.map((each) => each.dataset.room).join();
    if (found === marked) return;
    marked = found;
    if (!shapes.length) return;
    const boxes = shapes.map((each) => each.getBBox());
    const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
    const whole = { x: left, y: top, width: Math.max(...boxes.map(({ x, width }) => x + width)) - left, height: Math.max(...boxes.map(({ y, height }) => y + height)) - top };
    const isNear = Math.max((whole.width * frame.scale * now().k) / frame.width, (whole.height * frame.scale * now().k) / frame.height) < NEAR;
    const isSmall = Math.min(...boxes.map(({ width, height }) => Math.min(width, height))) * frame.scale * now().k < READABLE_PX;
    if (!shapes.every(isInside) || (isSmall && isNear)) show(whole, shapes.length === 1 ? 4 : 1.6);
  }

  function resize() {
    const found = stage.clientWidth ? measure() : frame; // without any, its page is being left
    if (found.width === frame.width && found.height === frame.height && found.planWidth === frame.planWidth) return;
    frame = found;
    limits();
    put(back(), 0);
    stand(now().k);
  }

  const act = {
    zoomIn: () => moved().call(hand.scaleBy, STEP),
    zoomOut: () => moved().call(hand.scaleBy, 1 / STEP),
    showWhole: () => put(zoomIdentity),
  };
  const KEYS = { "+": act.zoomIn, "=": act.zoomIn, "-": act.zoomOut, 0: act.showWhole };

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const site = event.target.closest("[data-site]");
    const arrow = ARROWS[event.key];
    if (site && (event.key === "Enter" || event.key === " ")) show(site.getBBox());
    else if (arrow && now().k > 1) moved().call(hand.translateBy, ...arrow.map((each) => (each * ARROW_PX) / now().k));
    else if (KEYS[event.key]) KEYS[event.key]();
    else return; // at its whole size an arrow moves the page
    event.preventDefault();
  }

  function onClick(event) {
    const site = event.target.closest("[data-site]");
    if (site) show(site.getBBox());
  }

  function onFocus(event) {
    const shape = event.target.querySelector?.(".room");
    if (shape && event.target.matches(":focus-visible") && !isInside(shape)) {
      const { x, y, width, height } = shape.getBBox();
      put(middleOn(now().k, frame.left + (x + width / 2 - frame.x) * frame.scale, frame.top + (y + height / 2 - frame.y) * frame.scale));
    }
  }

  const watch = new ResizeObserver(resize);
  const listeners = { keydown: onKey, click: onClick, focusin: onFocus };
  limits();
  area.call(hand);
  put(back(), 0);
  watch.observe(stage);
  for (const [name, listener] of Object.entries(listeners)) stage.addEventListener(name, listener);
  addEventListener("beforeprint", act.showWhole);

  return {
    ...act,
    settle(drawn) {
      labels = drawn.labels;
      limits();
      stand(now().k);
      look();
      stage.dataset.ready = "true";
    },
    leave() {
      keep(now());
      watch.disconnect();
      area.on(".zoom", null);
      for (const [name, listener] of Object.entries(listeners)) stage.removeEventListener(name, listener);
      removeEventListener("beforeprint", act.showWhole);
    },
  };
}
