// What a script adds to a page that works without one: addresses of this host in the lines to copy,
// copying by click, other cameras in place, full screen, the line of numbers, and a stream that is
// let go while nobody sees it and opened again when it was lost.
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
const answerWithin = 8000;
const beginsWithin = 4000;
const hiddenFor = 10000; // until the stream is let go

document.documentElement.classList.add("scripted");

// The page may be served below a prefix: everything is relative to where it lies.
const base = new URL(".", location.href).href.replace(/\/$/, "");
for (const place of document.querySelectorAll(".base")) {
    place.textContent = base;
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
    // Relative, for a page below a prefix.
    stream: picture.getAttribute("src").replace(/^\//, "./"),
    state: cameras.length > 0 ? stateOf(cameras[0]) : "./state",
};

// ---- the stream ----

// Each stream has a key of its own, for two reasons. Firefox holds back a request for an address
// while another tab still waits for the same address to end, for the answer might be one to keep.
// And /state tells by the key whether this stream is still there: browsers say nothing when a
// stream ends.
const keyOfPage = crypto.getRandomValues(new Uint32Array(2)).join("-");
let opened = 0;
let keysAreTold = false; // a proxy may drop them
let stream; // { key, since, seen }: seen in /state at least once; nothing while it is let go

function openStream() {
    opened += 1;
    stream = { key: `page-${keyOfPage}-${opened}`, since: Date.now(), seen: false };
    // The server shows the largest pictures that this line carries.
    picture.src = `${shown.stream}?auto=1&key=${stream.key}`;
}

function closeStream() {
    stream = undefined;
    picture.removeAttribute("src");
}

// The server does not take it, or went away and may come back.
picture.addEventListener("error", () => {
    const failed = stream;
    setTimeout(() => {
        if (stream && stream === failed) {
            openStream();
        }
    }, retryInterval);
});

// Called with each answer of /state. `wasAway`: the one before did not come, so a stream that the
// server still counts may be dead as well.
function reopenIfLost(asked, clients, wasAway) {
    if (!asked || asked !== stream) {
        return;
    }
    const there = Object.values(clients).some((client) => client.key === asked.key);
    const overdue = Date.now() - asked.since > beginsWithin && (keysAreTold || opened < 3);
    if (wasAway || (!there && (asked.seen || overdue))) {
        openStream();
    } else if (there) {
        asked.seen = keysAreTold = true;
    }
}

// A stream that nobody sees costs the line, and keeps the camera on.
let lettingGo;

function followVisibility() {
    clearTimeout(lettingGo);
    if (document.hidden) {
        lettingGo = setTimeout(closeStream, hiddenFor);
    } else if (!stream) {
        openStream();
    }
}

document.addEventListener("visibilitychange", followVisibility);
if (document.hidden) {
    closeStream();
} else {
    openStream();
}

// ---- choosing a camera ----

function show(link) {
    for (const other of cameras) {
        other.removeAttribute("aria-current");
    }
    link.setAttribute("aria-current", "true");
    shown = { title: link.textContent, stream: link.href, state: stateOf(link) };
    openStream();
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

// What this page is shown, where that is not the camera's own size, and why.
function describeStep(clients, key) {
    const own = Object.values(clients).find((client) => client.key === key)?.auto;
    return own && own.step !== "1" && `shown at ${own.width} × ${own.height}, for ${own.why}`;
}

function describe({ source, stream, onlooker }, key) {
    if (!source.online) {
        return "no picture at the moment";
    }
    const { width, height } = source.resolution;
    const viewers = stream.clients === 1 ? "1 viewer" : `${stream.clients} viewers`;
    // Not uStreamer's whole number: a slow camera gives less than one picture a second.
    const perUnit = onlooker.captured_fps < 1 ? 100 : 10;
    const rate = Math.round(onlooker.captured_fps * perUnit) / perUnit;
    // The rate is known a second after the first picture.
    const step = describeStep(stream.clients_stat, key);
    return [`${width} × ${height}`, rate > 0 && `${rate} fps`, viewers, step]
        .filter(Boolean)
        .join(" · ");
}

// ---- what is being made of the camera's pictures ----

const made = document.getElementById("made");
const madeList = document.getElementById("made-list");
const madeRows = madeList.tBodies[0];

function describeVariant({ viewers, resolution, sent_fps, encode_ms, recipe }) {
    return [
        viewers === 1 ? "1 viewer" : `${viewers} viewers`,
        resolution.width > 0 && `${resolution.width} × ${resolution.height}`,
        sent_fps > 0 && `${Math.round(sent_fps * 10) / 10} fps`,
        recipe && encode_ms > 0 && `${Math.round(encode_ms * 10) / 10} ms a picture`,
    ]
        .filter(Boolean)
        .join(" · ");
}

function rowOf(variant, stream) {
    const link = document.createElement("a");
    link.href = `${stream}?${variant.query}`;
    const code = document.createElement("code");
    code.textContent = variant.query;
    link.append(code);
    const row = document.createElement("tr");
    row.insertCell().append(link);
    row.insertCell().textContent = describeVariant(variant);
    return row;
}

function showMade(variants, { title, stream }) {
    made.textContent =
        variants.length === 0
            ? `None of these is being made of ${title} now.`
            : `What is being made of ${title} now:`;
    madeList.hidden = variants.length === 0;
    // A link that has the focus, or is being clicked, is not taken away for nothing.
    const rows = variants.map((variant) => rowOf(variant, stream));
    const isSame = (row, index) => row.isEqualNode(madeRows.rows[index]);
    if (rows.length !== madeRows.rows.length || !rows.every(isSame)) {
        madeRows.replaceChildren(...rows);
    }
}

// The login has ended, here or in another tab: the page that asks for one takes this page's place.
// Without a person signed in here a proxy has asked for it, and a new page would be no better off.
const isSignedIn = document.querySelector(".account") !== null;

function describeRefusal({ status: code }) {
    if (code === 401 && isSignedIn) {
        location.reload();
    }
    return code === 401 ? "signed out" : code === 403 && "not for this login to see";
}

let nextUpdate;
let away = false;

async function updateStatus() {
    clearTimeout(nextUpdate);
    // Nobody reads it in a hidden tab.
    if (document.hidden) {
        return;
    }
    const asked = shown;
    const askedFor = stream;
    let words = "the server does not answer";
    let interval = startInterval;
    try {
        const answer = await fetch(asked.state, {
            cache: "no-store",
            signal: AbortSignal.timeout(answerWithin),
        });
        words = describeRefusal(answer) || words;
        const { result } = await answer.json();
        reopenIfLost(askedFor, result.stream.clients_stat, away);
        away = false;
        words = describe(result, askedFor?.key);
        if (shown === asked) {
            showMade(result.onlooker.variants, asked);
        }
        // The first numbers still count the picture of the page before it had a script.
        const settled = !askedFor || Date.now() - askedFor.since > beginsWithin;
        interval = settled && result.onlooker.captured_fps > 0 ? stateInterval : startInterval;
    } catch {
        away = true; // and the words stay
    }
    if (shown === asked) {
        status.textContent = `${asked.title}: ${words}`;
        clearTimeout(nextUpdate);
        nextUpdate = setTimeout(updateStatus, interval);
    }
}

updateStatus();
document.addEventListener("visibilitychange", updateStatus);
