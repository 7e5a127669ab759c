// The page for looking: one camera as large as the window, or a wall of them.
//
//     choice.js    what is shown           live.js, wall.js    where the pictures come from
//     server.js    how the cameras are     picture.js          where they are painted
//     tools.js, keys.js, zoom.js, controls.js, arrange.js      what can be done with them
//
// A page that nobody sees lets go of its connections, and comes back to them when it is looked at.

import { arrangeTools } from "./arrange.js";
import { Choice } from "./choice.js";
import { listenToKeys, showKeys } from "./keys.js";
import { Live } from "./live.js";
import { Picture } from "./picture.js";
import { Server, pathOf } from "./server.js";
import { addTab, camerasOfPage, followTabs, listenToTabs, removeTab } from "./tabs.js";
import { Tools } from "./tools.js";
import { Wall } from "./wall.js";
import { Zoom } from "./zoom.js";

const hiddenFor = 3000; // milliseconds, until everything is let go
const tickEvery = 250;
const idleAfter = 3000; // in full screen, until the tools go away
const figuresEvery = 1000;
const keptFor = 10000; // an older picture is not shown again when its camera is chosen

const stage = document.getElementById("stage");
const status = document.getElementById("status");

const server = new Server(camerasOfPage());
const choice = new Choice();
const pictures = new Map();
const keyOfPage = crypto.getRandomValues(new Uint32Array(2)).join("-");
let opened = 0; // streams: each has a key of its own in /state

function pictureOf(name) {
    if (!pictures.has(name)) {
        const picture = new Picture(name, server.cameras.get(name)?.title ?? name,
            () => app.showCamera(name));
        picture.onCard = () => server.askFault(name);
        picture.onHow = tellHow;
        pictures.set(name, picture);
    }
    return pictures.get(name);
}

// For whoever listens instead of looking; not each second of a standstill.
function tellHow(picture) {
    if (picture === app.picture) {
        status.textContent = `${picture.title}: ${picture.why}`;
        document.title = `${picture.how === "live" ? "" : "(!) "}${picture.title} · onlooker`;
    }
}

// ---- one camera ----

const live = new Live({
    // A key in the address also keeps Firefox from waiting for another tab with the same address.
    address() {
        opened += 1;
        const words = new URLSearchParams({ format: "length", key: `page-${keyOfPage}-${opened}` });
        if (choice.size === "auto") {
            words.set("auto", 1);
        } else if (choice.size !== "1") {
            words.set("scale", choice.size);
        }
        if (choice.fps) {
            words.set("fps", choice.fps);
        }
        return `${pathOf(app.picture.name, "stream")}?${words}`;
    },
    picture: (news) => app.picture.take(news, server.offset),
    card: () => app.picture.card(),
    changed: () => app.picture?.link(live.state, live.words, live.retryAt),
});

const wall = new Wall(stage, server);

const app = {
    choice,
    server,
    picture: undefined, // of one camera
    zoom: undefined,
    isPaused: false,
    isArranging: false,
    inPicture: undefined,
    opened: undefined, // the panel

    names: () => [...server.cameras.keys()],
    tiles: () => choice.tilesAmong(app.names()),

    showCamera(name) {
        app.wasWall = choice.wall;
        choice.change({ camera: name, wall: false });
        return true;
    },
    showWall() {
        if (server.cameras.size > 1) {
            choice.change({ wall: true });
        }
        return true;
    },
    showNumber(number) {
        const name = app.names()[number];
        return name !== undefined && app.showCamera(name);
    },
    // The camera before or after, or the tile.
    beside(step) {
        const names = app.names();
        if (!choice.wall) {
            const place = names.indexOf(choice.camera) + step;
            return names.length > 1 && app.showCamera(names.at(place % names.length));
        }
        const tiles = [...stage.querySelectorAll(".open")];
        const place = tiles.indexOf(document.activeElement) + step;
        tiles.at(place % tiles.length)?.focus();
        return true;
    },
    // Escape: what is open is closed; else, whether nothing was.
    back() {
        if (app.opened || app.isArranging) {
            app.panel();
            app.arrange(false);
            return true;
        }
        if (app.zoom?.isIn) {
            app.zoom.reset();
            return true;
        }
        return !app.wasWall;
    },
    pause(isPaused) {
        app.isPaused = isPaused;
        shown().forEach((picture) => picture.pause(isPaused));
        connect();
    },
    panel(which) {
        app.opened = which === app.opened ? undefined : which;
        tools.open(app.opened);
    },
    arrange(on = !app.isArranging) {
        app.isArranging = on;
        showChoice();
    },
    showKeys: () => showKeys(document.getElementById("keys"), app, document.body.dataset.version),
    followVisibility,
};

const shown = () => (choice.wall ? app.tiles().map(({ name }) => pictureOf(name)) : [app.picture]);

// ---- what is shown ----

let before = {};
let figuresAt = 0;

function showOne() {
    const picture = pictureOf(choice.camera);
    if (app.picture !== picture) {
        leaveOne();
        app.picture = picture;
        picture.zoom ??= new Zoom(picture.canvas, picture.element);
        picture.canvas.id = "picture";
        app.zoom = picture.zoom;
        app.zoom.isOn = true;
        if (picture.isOlderThan(keptFor)) {
            picture.clear();
        }
        stage.replaceChildren(picture.element);
        tellHow(picture);
    }
}

function leaveOne() {
    app.picture?.canvas.removeAttribute("id");
    app.zoom?.reset();
    if (app.zoom) {
        app.zoom.isOn = false;
    }
}

function showWallOf(tiles) {
    leaveOne();
    app.picture = app.zoom = undefined;
    document.title = "Wall · onlooker";
    status.textContent = `A wall of ${tiles.length} cameras`;
    wall.show(tiles.map(({ name, span }) => ({ name, span, picture: pictureOf(name) })), choice.fps);
}

function showChoice() {
    const names = app.names();
    if (names.length < 2) {
        choice.wall = false;
    }
    if (!server.cameras.has(choice.camera)) {
        choice.camera = names[0];
    }
    const now = { wall: choice.wall, camera: choice.wall || choice.camera, size: choice.size,
        fps: choice.fps };
    const isNew = Object.keys(now).some((key) => now[key] !== before[key]);
    if (isNew) {
        live.close();
        if (before.wall && !now.wall) {
            wall.leave();
        }
        if (before.wall !== undefined && (before.wall !== now.wall || before.camera !== now.camera)) {
            app.isPaused = false;
            pictures.forEach((picture) => picture.pause(false));
            app.isArranging &&= now.wall;
            app.panel();
        }
        before = now;
    }
    if (choice.wall) {
        showWallOf(app.tiles());
    } else {
        showOne();
    }
    for (const picture of shown()) {
        picture.turn(...choice.turnOf(picture.name));
        picture.element.querySelector(".arrange")?.remove();
        if (app.isArranging) {
            picture.element.append(
                arrangeTools(picture, app.tiles, (tiles) => choice.change({ tiles })));
        }
    }
    figuresAt = 0;
    followTabs(choice);
    tools.refresh();
    connect();
}

listenToTabs((name) => {
    if (name) {
        app.showCamera(name);
    } else {
        choice.tiles = choice.wall ? [] : choice.tiles; // once more: really all
        app.showWall();
    }
});

// ---- what the server tells ----

function know({ detail }) {
    pictures.get(detail.name)?.know(detail);
    if (detail.name === choice.camera) {
        tools.refresh();
    }
}

server.addEventListener("camera", know);
server.addEventListener("came", (event) => {
    const { name, title } = event.detail;
    addTab(name, title);
    know(event);
    showChoice();
});
server.addEventListener("gone", ({ detail }) => {
    removeTab(detail);
    pictures.delete(detail);
    if (server.cameras.size > 0) {
        showChoice();
    }
});
server.addEventListener("met", () => {
    tools.refresh();
    tools.show();
});

// ---- whether anybody looks ----

let lettingGo;

function connect() {
    if (app.isPaused) {
        live.close();
        wall.close();
    } else if (document.hidden && !app.inPicture) {
        return; // followVisibility lets go
    } else if (choice.wall) {
        wall.open();
    } else {
        live.open();
    }
}

function letGo() {
    live.close();
    wall.close();
    server.stop();
}

function followVisibility() {
    clearTimeout(lettingGo);
    if (!document.hidden) {
        server.start();
        connect();
    } else if (!app.inPicture) {
        lettingGo = setTimeout(letGo, hiddenFor);
    }
}

document.addEventListener("visibilitychange", followVisibility);
document.addEventListener("freeze", letGo);
addEventListener("pagehide", letGo);
addEventListener("pageshow", (event) => event.persisted && followVisibility());

// In full screen the tools go away while nothing is touched.
let idle;
function wake() {
    document.body.classList.remove("idle");
    clearTimeout(idle);
    idle = setTimeout(() => document.body.classList.add("idle"), idleAfter);
}
["pointermove", "pointerdown", "keydown"].forEach((name) => addEventListener(name, wake));

// ---- to work ----

setInterval(() => {
    if (document.hidden) {
        return;
    }
    const now = Date.now();
    const all = shown();
    all.forEach((picture) => picture.tick(now));
    if (now - figuresAt >= figuresEvery) {
        figuresAt = now;
        for (const picture of all) {
            const camera = server.cameras.get(picture.name);
            picture.showFigures(choice.figures ? picture.figuresNow(camera?.viewers) : "");
            if (choice.figures && !server.hasApi) {
                server.askFault(picture.name);
            }
        }
    }
}, tickEvery);

const tools = new Tools(app);
listenToKeys(app, tools);
choice.onChange = showChoice;
stage.replaceChildren();
showChoice();
followVisibility();
