// What a script adds to a page that works without one: addresses of this host in the lines to copy,
// copying by click, other cameras in place, full screen, and the line of numbers.
"use strict";

const picture = document.getElementById("picture");
const stage = document.getElementById("stage");
const status = document.getElementById("status");
const still = document.getElementById("still");
const fullscreen = document.getElementById("fullscreen");
const cameras = [...document.querySelectorAll(".cameras a")];

const stateInterval = 5000; // milliseconds
const startInterval = 1000; // until pictures come
const retryInterval = 3000;

document.documentElement.classList.add("scripted");

// The page may be served below a prefix: everything is relative to where it lies.
const base = new URL(".", location.href).href.replace(/\/$/, "");
for (const place of document.querySelectorAll(".base")) {
    place.textContent = base;
}

if (new URL(base).pathname !== "/") {
    picture.src = "./video_feed";
}

// ---- lines to copy ----

async function copy(line) {
    try {
        await navigator.clipboard.writeText(line.textContent);
        line.classList.add("copied");
        setTimeout(() => line.classList.remove("copied"), 1200);
    } catch {
        // Without https there is no clipboard; the line is marked, ready for Ctrl-C.
        getSelection().selectAllChildren(line);
    }
}

for (const line of document.querySelectorAll(".copy")) {
    line.tabIndex = 0;
    line.title = "Click to copy";
    line.addEventListener("click", () => copy(line));
    line.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
            copy(line);
        }
    });
}

// ---- cameras ----

const stateOf = (link) => link.href.replace(/stream$/, "state");

let shown = {
    title: status.textContent,
    state: cameras.length > 0 ? stateOf(cameras[0]) : "./state",
};

function show(link) {
    for (const other of cameras) {
        other.removeAttribute("aria-current");
    }
    link.setAttribute("aria-current", "true");
    shown = { title: link.textContent, state: stateOf(link) };
    picture.src = link.href;
    picture.alt = `Live picture of ${shown.title}`;
    still.href = link.href.replace(/stream$/, "snapshot");
    status.textContent = shown.title;
    updateStatus();
}

for (const link of cameras) {
    link.addEventListener("click", (event) => {
        // With a modifier the user wants a tab of its own.
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            show(link);
        }
    });
}

// The server went away and may come back.
picture.addEventListener("error", () => {
    const source = picture.src;
    setTimeout(() => {
        if (picture.src === source) {
            picture.src = source;
        }
    }, retryInterval);
});

// ---- full screen ----

function toggleFullscreen() {
    if (document.fullscreenElement) {
        document.exitFullscreen();
    } else {
        stage.requestFullscreen();
    }
}

if (document.fullscreenEnabled) {
    fullscreen.hidden = false;
    fullscreen.addEventListener("click", toggleFullscreen);
    picture.addEventListener("click", toggleFullscreen);
    document.addEventListener("fullscreenchange", () => {
        fullscreen.textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
    });
}

// ---- numbers ----

function describe({ source, stream, onlooker }) {
    if (!source.online) {
        return "no picture at the moment";
    }
    const { width, height } = source.resolution;
    const viewers = stream.clients === 1 ? "1 viewer" : `${stream.clients} viewers`;
    // Not uStreamer's whole number: a slow camera gives less than one picture a second.
    const perUnit = onlooker.captured_fps < 1 ? 100 : 10;
    const rate = Math.round(onlooker.captured_fps * perUnit) / perUnit;
    // The rate is known a second after the first picture.
    return [`${width} × ${height}`, rate > 0 && `${rate} fps`, viewers].filter(Boolean).join(" · ");
}

let nextUpdate;

async function updateStatus() {
    clearTimeout(nextUpdate);
    // Nobody reads it in a hidden tab.
    if (document.hidden) {
        return;
    }
    const asked = shown;
    let words = "the server does not answer";
    let interval = startInterval;
    try {
        const answer = await fetch(asked.state, { cache: "no-store" });
        const { result } = await answer.json();
        words = describe(result);
        interval = result.onlooker.captured_fps > 0 ? stateInterval : startInterval;
    } catch {
        // The words stay.
    }
    if (shown === asked) {
        status.textContent = `${asked.title}: ${words}`;
        clearTimeout(nextUpdate);
        nextUpdate = setTimeout(updateStatus, interval);
    }
}

updateStatus();
document.addEventListener("visibilitychange", updateStatus);
