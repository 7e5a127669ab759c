// One connection that gives pictures for as long as it is wanted. It is opened again whenever it ends,
// whatever the reason, until close(): within two seconds of the server's return, at once when the
// browser says that the network is back. A worker reads it (reader.js).
//
// A stream that stands silent is looked after: the server repeats a picture four times a second
// where no other comes, so silence means that something on the way is dead, or that a camera is
// only just opening. Which of both it is, /healthz tells.
//
// States: "off", "opening" (asked for, no answer yet), "open", "lost" (tried again at `retryAt`;
// `words`: what the server said, if it answered at all).

const firstPause = 200; // milliseconds, as all times here
const pause = 500;
const refusedPause = 2000;
const patience = [8000, 1500, 1500, 5000]; // for the head of an answer: first, and then in turns
const silence = 3000;
const probeLimit = 2500;
const longestSilence = 10000;
const asleep = 8000; // a clock that jumps so far says that the machine slept

const sleep = (ms, signal) =>
    new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
            clearTimeout(timer);
            resolve();
        });
    });

// Who is to sign in once more is shown where by the page itself, asked for again.
function signInAgain() {
    const last = Number(sessionStorage.getItem("signed-out") || 0);
    if (Date.now() - last > 20000) {
        sessionStorage.setItem("signed-out", Date.now());
        location.reload();
    }
}

export class Live {
    state = "off";
    words = "";
    retryAt = 0;
    #ask; // see the constructor
    #wanted; // an AbortController until close(): of everything
    #attempt; // of the present connection
    #wake; // of the present pause
    #worker;
    #last = 0; // the number of the newest connection

    // `ask`: address() gives the URL of each attempt; picture({ camera, stamp, step, octets, bitmap })
    // owns the bitmap; card(camera); changed() after each change of state; answered(head) as soon
    // as a good one is there; refused(status) may return true for: ask again at once, I ask for
    // something else now.
    constructor(ask) {
        this.#ask = ask;
        addEventListener("online", () => this.again());
    }

    open() {
        if (!this.#wanted) {
            this.#wanted = new AbortController();
            this.#run(this.#wanted.signal);
        }
    }

    close() {
        this.#wanted?.abort();
        this.#wanted = undefined;
        this.#set("off");
    }

    // Now, and with a new connection.
    again() {
        this.#attempt?.abort();
        this.#wake?.abort();
    }

    #set(state, words = "", retryAt = 0) {
        this.state = state;
        this.words = words;
        this.retryAt = retryAt;
        this.#ask.changed();
    }

    async #run(over) {
        for (let tries = 0; !over.aborted; tries += 1) {
            if (this.state !== "lost") {
                this.#set("opening");
            }
            const attempt = new AbortController();
            over.addEventListener("abort", () => attempt.abort());
            this.#attempt = attempt;
            const limit = tries === 0 ? patience[0] : patience[1 + (tries % 3)];
            const end = await this.#connect(attempt, limit).catch(() => ({}));
            attempt.abort();
            if (over.aborted) {
                return;
            }
            if (end.began) {
                tries = 0;
            }
            if (end.again) {
                continue;
            }
            const wait = end.words ? refusedPause : end.began ? firstPause : pause;
            this.#set("lost", end.words, Date.now() + wait);
            this.#wake = new AbortController();
            await sleep(wait, AbortSignal.any ? AbortSignal.any([over, this.#wake.signal])
                : this.#wake.signal);
        }
    }

    // How it ended: { began, words, again }.
    #connect(attempt, limit) {
        const watch = { heard: Date.now(), limit, looked: Date.now(), probing: false };
        const timer = setInterval(() => this.#look(watch, attempt), 250);
        const id = (this.#last += 1);
        const end = { began: false };
        return new Promise((resolve) => {
            const over = () => {
                clearInterval(timer);
                resolve(end);
            };
            attempt.signal.addEventListener("abort", () => {
                this.#worker?.postMessage({ id, abort: true });
                over();
            });
            this.#worker ??= new Worker("./reader.js", { type: "module" });
            this.#worker.onerror = () => {
                this.#worker = undefined; // the next attempt makes another
                over();
            };
            this.#worker.onmessage = ({ data }) => {
                if (data.id !== id || attempt.signal.aborted) {
                    data.bitmap?.close();
                    return;
                }
                watch.heard = Date.now();
                if (data.head) {
                    this.#answered(data.head, watch, end);
                } else if (data.bitmap) {
                    this.#ask.picture(data);
                    this.#worker.postMessage({ id, taken: data.camera });
                } else if (data.card) {
                    this.#ask.card(data.camera);
                } else if (data.end) {
                    over();
                }
            };
            this.#worker.postMessage({ id, open: this.#ask.address() });
        });
    }

    #answered(head, watch, end) {
        if (head.ok) {
            end.began = true;
            watch.limit = 0;
            this.#ask.answered?.(head);
            this.#set("open");
            return;
        }
        if (head.status === 401) {
            signInAgain();
        }
        end.words = head.words;
        end.again = this.#ask.refused?.(head.status) === true;
    }

    async #look(watch, attempt) {
        const now = Date.now();
        const slept = now - watch.looked > asleep;
        watch.looked = now;
        const silent = now - watch.heard;
        if (slept || (watch.limit && silent > watch.limit)) {
            attempt.abort();
        } else if (!watch.limit && silent > silence && !watch.probing) {
            watch.probing = true;
            const there = await isThere();
            watch.probing = false;
            const still = Date.now() - watch.heard;
            if (!attempt.signal.aborted && still > silence && (!there || still > longestSilence)) {
                attempt.abort();
            }
        }
    }
}

async function isThere() {
    try {
        const limit = AbortSignal.timeout(probeLimit);
        return (await fetch("./healthz", { cache: "no-store", signal: limit })).ok;
    } catch {
        return false;
    }
}
