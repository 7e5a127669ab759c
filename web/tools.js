// What can be done with what is shown: a row of buttons, and the panel that some of them open. Each
// action is one row of the table; its key is bound, and told, by keys.js.

import { Controls } from "./controls.js";
import { linesFor, makeCopyable } from "./lines.js";
import { json, pathOf } from "./server.js";

// Drawn with a line, in a square of 24.
const icons = {
    pause: "M8 5v14M16 5v14",
    play: "M7 5l12 7-12 7z",
    snapshot: "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
    full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    pip: "M3 5h18v14H3zM12 12h6v4h-6z",
    zoom: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L21 21M7.5 10.5h6M10.5 7.5v6",
    turn: "M19 7A8 8 0 1020 13M19 2v5h-5",
    flip: "M12 3v18M9 7l-6 10h6zM15 7l6 10h-6z",
    view: "M5 20v-6M12 20V9M19 20V4",
    clip: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 9a3 3 0 100 6 3 3 0 000-6z",
    copy: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
    controls: "M4 7h7M15 7h5M13 5v4M4 17h3M11 17h9M9 15v4",
    figures: "M4 4v16h16M8 15l4-5 3 3 5-7",
    arrange: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM16.5 14v6M13.5 17h6",
    keys: "M9 9a3 3 0 114 2.8c-.8.4-1 1-1 2.2M12 18v.1",
    more: "M6 12v.1M12 12v.1M18 12v.1",
    close: "M6 6l12 12M18 6L6 18",
};

function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", icons[name]);
    svg.append(path);
    return svg;
}

function make(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
}

// ---- what the panel shows ----

function choose(label, name, value, rows, set) {
    const select = make("select", { id: `choose-${name}` },
        ...rows.map(([key, words]) => make("option", { value: key }, words)));
    select.value = value;
    select.onchange = () => set(select.value);
    return make("p", {}, make("label", { htmlFor: select.id }, label), select);
}

function viewPanel(place, app) {
    const { choice } = app;
    const words = { auto: "As the link carries it", 1: "The camera's own" };
    const rates = [0, 15, 10, 5, 2, 1, 0.2];
    if (!choice.wall) {
        place.append(choose("Size", "size", choice.size,
            choice.sizes.map((size) => [size, words[size] ?? `${size} of it`]),
            (size) => choice.change({ size })));
    }
    place.append(choose("Pictures a second", "rate", choice.fps,
        rates.map((rate) => [rate, rate === 0 ? "As they come" : String(rate)]),
        (fps) => choice.change({ fps: Number(fps) })));
    if (choice.wall) {
        place.append(make("p", { className: "quiet" },
            "A tile asks for the size that it has; more than twelve, for ten a second."));
    }
}

// For whoever has no login here.
function linkMaker(camera, add) {
    const button = make("button", { type: "button", className: "wide" },
        "Make a link that works without a login for a day");
    button.addEventListener("click", async () => {
        const { ok, body } = await json(pathOf(camera, "link"),
            { method: "POST", body: new URLSearchParams({ seconds: 86400 }) }).catch(() => ({}));
        if (ok) {
            button.remove();
            add("Without a login, for a day", new URL(body.stream, location.href).href);
        } else {
            button.textContent = "The server makes no such link";
        }
    });
    return button;
}

function copyPanel(place, app) {
    const add = (title, text) => {
        const line = make("code", { className: "copy" }, text);
        makeCopyable(line);
        place.append(make("p", { className: "quiet" }, title), line);
    };
    if (app.choice.wall) {
        const names = app.tiles().map(({ name }) => name).join(",");
        add("This wall", app.choice.address());
        add("Without decoration, for a screen",
            new URL(`./wall.html?cameras=${names}`, location.href).href);
    } else {
        const { camera } = app.choice;
        add("This page", app.choice.address());
        if (app.server.may.link) {
            place.append(linkMaker(camera, add));
        }
        linesFor(camera).forEach(([title, text]) => add(title, text));
    }
}

function clipPanel(place, app) {
    const formats = app.server.features.clips;
    const link = make("a", { className: "wide", download: "" }, "Record from now");
    const chosen = { seconds: "30", format: formats[0] };
    const update = (what) => {
        Object.assign(chosen, what);
        const words = Object.entries(chosen).filter(([, word]) => word);
        link.href = `${pathOf(app.choice.camera, "clip")}?${new URLSearchParams(words)}`;
    };
    update({});
    const lengths = [["10", "10 seconds"], ["30", "30 seconds"], ["120", "2 minutes"],
        ["600", "10 minutes"], ["3600", "1 hour"]];
    place.append(
        choose("For how long", "seconds", "30", lengths, (seconds) => update({ seconds })),
        choose("As", "format", formats[0], formats.map((one) => [one, one]),
            (format) => update({ format })),
        choose("Of the pictures", "every", "", [["", "every one"], ["1", "one a second"],
            ["10", "one in 10 seconds"], ["60", "one a minute"]], (every) => update({ every })),
        link,
        make("p", { className: "quiet" }, "The pictures as the camera gave them; the file grows "
            + "while it lasts, and ending the download ends it. A time-lapse is played at 25 "
            + "pictures a second."));
}

const panels = {
    view: ["Size and rate", viewPanel],
    copy: ["Links to copy", copyPanel],
    clip: ["Record a clip", clipPanel],
    controls: ["Controls", (place, app) => new Controls(place, app.server, app.choice.camera)],
};

// ---- the actions ----

async function pictureInPicture(app) {
    if (document.pictureInPictureElement) {
        await document.exitPictureInPicture();
        return;
    }
    const video = make("video", { muted: true, srcObject: app.picture.canvas.captureStream() });
    await video.play();
    await video.requestPictureInPicture();
    app.inPicture = video;
    video.addEventListener("leavepictureinpicture", () => {
        video.srcObject = null;
        app.inPicture = undefined;
        app.followVisibility();
    });
}

function saveSnapshot(app) {
    const { camera } = app.choice;
    const time = new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
    make("a", { href: pathOf(camera, "snapshot"), download: `${camera}-${time}.jpg` }).click();
}

function toggleFullscreen() {
    return document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen({ navigationUI: "hide" });
}

function turn(app, degrees, flipped) {
    const { camera, turns } = app.choice;
    const [before, mirror] = app.choice.turnOf(camera);
    const after = [(before + degrees) % 360, mirror !== flipped];
    app.choice.change({ turns: { ...turns, [camera]: after } });
}

const one = (app) => !app.choice.wall;

// `when`: whether it makes sense now; `has`: whether this camera can, which it may tell late, so the
// button keeps its place; `pressed`: whether it is on; `often`: seen on a narrow screen.
export const actions = [
    { id: "pause", keys: [" ", "k"], often: true, run: (app) => app.pause(!app.isPaused),
        label: (app) => (app.isPaused ? "Go on" : "Pause"),
        icon: (app) => (app.isPaused ? "play" : "pause") },
    { id: "snapshot", keys: ["s"], often: true, when: one, run: saveSnapshot,
        label: () => "Save a picture" },
    { id: "full", keys: ["f"], often: true, when: () => document.fullscreenEnabled,
        run: toggleFullscreen, pressed: () => Boolean(document.fullscreenElement),
        label: () => "Full screen" },
    { id: "controls", keys: ["c"], often: true,
        when: (app) => one(app) && app.server.features.controls && app.server.may.control,
        has: (app) => app.server.cameras.get(app.choice.camera)?.controls > 0,
        run: (app) => app.panel("controls"), pressed: (app) => app.opened === "controls",
        label: () => "Controls" },
    { id: "clip", keys: ["v"], when: (app) => one(app) && app.server.features.clips?.length > 0,
        run: (app) => app.panel("clip"), pressed: (app) => app.opened === "clip",
        label: () => "Record a clip" },
    { id: "zoom", keys: ["z"], when: one, pressed: (app) => app.zoom?.isIn,
        run: (app) => (app.zoom.isIn ? app.zoom.reset() : app.zoom.by(2)),
        label: () => "Zoom" },
    { id: "turn", keys: ["r"], when: one, run: (app) => turn(app, 90, false),
        label: () => "Turn" },
    { id: "flip", keys: ["h"], when: one, run: (app) => turn(app, 0, true),
        pressed: (app) => app.choice.turnOf(app.choice.camera)[1], label: () => "Mirror" },
    { id: "pip", keys: ["p"], when: (app) => one(app) && document.pictureInPictureEnabled,
        run: pictureInPicture, pressed: (app) => Boolean(app.inPicture),
        label: () => "Picture in picture" },
    { id: "arrange", keys: ["e"], when: (app) => app.choice.wall,
        run: (app) => app.arrange(), pressed: (app) => app.isArranging,
        label: () => "Arrange the wall" },
    { id: "view", keys: ["q"], run: (app) => app.panel("view"),
        pressed: (app) => app.opened === "view", label: () => "Size and rate" },
    { id: "figures", keys: ["i"], pressed: (app) => app.choice.figures,
        run: (app) => app.choice.change({ figures: !app.choice.figures }),
        label: () => "Figures" },
    { id: "copy", keys: ["l"], run: (app) => app.panel("copy"),
        pressed: (app) => app.opened === "copy", label: () => "Links to copy" },
    { id: "keys", keys: ["?"], run: (app) => app.showKeys(), label: () => "Keys" },
];

export class Tools {
    #app;
    #bar = document.getElementById("tools");
    #panel = document.getElementById("panel");
    #buttons = new Map();
    #inside; // of the panel, what is to be closed

    constructor(app) {
        this.#app = app;
        for (const action of actions) {
            const button = make("button", { type: "button", className: action.often ? "" : "rare" },
                icon(action.icon ? action.icon(app) : action.id));
            button.addEventListener("click", () => this.run(action));
            this.#buttons.set(action, button);
            this.#bar.append(button);
        }
        const more = make("button", { type: "button", className: "more", title: "More" },
            icon("more"));
        more.setAttribute("aria-label", "More");
        more.setAttribute("aria-expanded", "false");
        more.addEventListener("click", () => {
            const all = this.#bar.classList.toggle("all");
            more.setAttribute("aria-expanded", String(all));
        });
        this.#bar.append(more);
        document.addEventListener("fullscreenchange", () => this.refresh());
        this.refresh();
    }

    // Once it is known what there is.
    show() {
        this.#bar.classList.remove("early");
    }

    // False: it makes no sense now.
    run(action) {
        if ([action.when, action.has].some((test) => test && !test(this.#app))) {
            return false;
        }
        Promise.resolve(action.run(this.#app)).catch(() => {}).then(() => this.refresh());
        return true;
    }

    refresh() {
        for (const [action, button] of this.#buttons) {
            const label = action.label(this.#app);
            button.hidden = Boolean(action.when && !action.when(this.#app));
            button.disabled = Boolean(action.has && !action.has(this.#app));
            button.title = `${label} (${action.keys.at(-1)})`;
            button.setAttribute("aria-label", label);
            if (action.pressed) {
                button.setAttribute("aria-pressed", String(Boolean(action.pressed(this.#app))));
            }
            if (action.icon) {
                button.replaceChildren(icon(action.icon(this.#app)));
            }
        }
    }

    // Opens one of the panels; nothing: closes the one that is there.
    open(which) {
        const [title, build] = panels[which] ?? [];
        this.#inside?.close?.();
        this.#inside = undefined;
        this.#panel.hidden = !which;
        this.#panel.replaceChildren();
        if (which) {
            const close = make("button", { type: "button", title: "Close" }, icon("close"));
            close.setAttribute("aria-label", "Close");
            close.addEventListener("click", () => this.#app.panel());
            const place = make("div", { className: "rows" });
            this.#panel.append(make("header", {}, make("h2", {}, title), close), place);
            this.#inside = build(place, this.#app);
        }
        this.refresh();
    }
}
