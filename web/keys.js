// The keyboard: every action has a key, and ? shows which.

import { actions } from "./tools.js";

const others = [
    ["1 ... 9", "That camera"],
    ["a", "All cameras"],
    ["← →", "The camera before, the next one"],
    ["+ − 0", "Zoom in, out, and back"],
    ["← ↑ → ↓", "Move the picture, when it is zoomed"],
    ["m", "Manual"],
    ["Esc", "Close, or back to the wall"],
];

const names = { " ": "Space" };
const steps = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const step = 60; // pixels

function isTyping({ target, ctrlKey, metaKey, altKey }) {
    return ctrlKey || metaKey || altKey || target.closest?.("input, select, textarea, dialog");
}

// Returns whether the key meant something.
function press(key, app, tools) {
    if (steps[key]) {
        const [x, y] = steps[key];
        if (app.zoom?.isIn) {
            app.zoom.pan(x * step, y * step);
            return true;
        }
        return x !== 0 && app.beside(-x);
    }
    if (/^[1-9]$/.test(key)) {
        return app.showNumber(Number(key) - 1);
    }
    if (app.zoom && (key === "+" || key === "=")) {
        app.zoom.by(1.5);
    } else if (app.zoom && key === "-") {
        app.zoom.by(1 / 1.5);
    } else if (app.zoom && key === "0") {
        app.zoom.reset();
    } else if (key === "a" || (key === "Escape" && !app.back())) {
        return app.showWall();
    } else if (key === "m") {
        document.getElementById("manual").click();
    } else {
        const action = actions.find(({ keys }) => keys.includes(key));
        return key === "Escape" || (action !== undefined && tools.run(action));
    }
    return true;
}

export function listenToKeys(app, tools) {
    document.addEventListener("keydown", (event) => {
        const { key, target } = event;
        const isButton = target.closest?.("a, button, [tabindex='0']");
        if (isTyping(event) || (key === " " && isButton)) {
            return;
        }
        if (press(key.length === 1 ? key.toLowerCase() : key, app, tools)) {
            event.preventDefault();
        }
    });
}

export function showKeys(dialog, app, version) {
    const rows = actions
        .filter(({ when }) => !when || when(app))
        .map(({ keys, label }) => [keys.map((key) => names[key] ?? key).join(" "), label(app)]);
    const list = document.createElement("dl");
    for (const [key, words] of [...rows, ...others]) {
        const term = document.createElement("dt");
        const kbd = document.createElement("kbd");
        const what = document.createElement("dd");
        kbd.textContent = key;
        what.textContent = words;
        term.append(kbd);
        list.append(term, what);
    }
    const title = document.createElement("h2");
    title.id = "keys-title";
    title.textContent = "Keys";
    const about = document.createElement("p");
    about.className = "quiet";
    about.textContent = `onlooker ${version}. A wheel or two fingers zoom, a drag moves.`;
    const form = document.createElement("form");
    form.method = "dialog";
    const close = document.createElement("button");
    close.textContent = "Close";
    form.append(close);
    dialog.replaceChildren(title, list, about, form);
    dialog.showModal();
}
