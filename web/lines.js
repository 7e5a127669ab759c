// Lines to copy into other programs, for one camera; and copying itself.

export const base = new URL(".", location.href).href.replace(/\/$/, "");

export function linesFor(name) {
    const own = `${base}/cameras/${encodeURIComponent(name)}`;
    const stream = `${own}/stream`;
    const snapshot = `${own}/snapshot`;
    return [
        ["OctoPrint, stream URL", stream],
        ["OctoPrint, snapshot URL", snapshot],
        ["Mainsail and Fluidd, in moonraker.conf",
            `[webcam ${name}]\nservice: mjpegstreamer\nstream_url: ${stream}\nsnapshot_url: ${snapshot}`],
        ["Home Assistant, MJPEG URL", stream],
        ["Home Assistant, still image URL", snapshot],
        ["VLC", `vlc --network-caching=100 ${stream}.mjpg`],
        ["go2rtc, in go2rtc.yaml", `streams:\n  ${name}: ${stream}.mjpg`],
        ["FFmpeg, ten seconds",
            `ffmpeg -f mpjpeg -use_wallclock_as_timestamps 1 -i ${stream} -t 10 -c copy out.mkv`],
    ];
}

// Makes an element copy its text by a click.
export function makeCopyable(line) {
    const copy = async () => {
        try {
            await navigator.clipboard.writeText(line.textContent);
            line.classList.add("copied");
            setTimeout(() => line.classList.remove("copied"), 1200);
        } catch {
            // Without https there is no clipboard; the line is marked, ready for Ctrl-C.
            getSelection().selectAllChildren(line);
        }
    };
    line.tabIndex = 0;
    line.title = "Click to copy";
    line.addEventListener("click", copy);
    line.addEventListener("keydown", (event) => event.key === "Enter" && copy());
}
