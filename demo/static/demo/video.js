// A player without a video: a drawn scene that runs for as long as a lecture would, and reports what a real player does.
const player = document.querySelector(".video");
const picture = player.querySelector("canvas");
const pen = picture.getContext("2d");
const playButton = player.querySelector("[data-play]");
const slider = player.querySelector("[data-position]");
const clock = player.querySelector("[data-time]");
const caption = player.querySelector("[data-caption]");
const speedChoice = player.querySelector("[data-speed]");
const captions = JSON.parse(document.getElementById("captions").textContent);
const duration = Number(player.dataset.duration);
const NEARLY_ALL = 0.95;

let position = 0;
let speed = 1;
let playing = false;
let last = 0;
let isComplete = false;
let isDragging = false;

function log(name, data) {
  window.Logger.log(name, { id: player.dataset.video, code: "html5", duration, ...data });
}

function now() {
  return Math.round(position * 1000) / 1000;
}

function play() {
  if (position >= duration) {
    position = 0;
  }
  playing = true;
  last = performance.now();
  playButton.textContent = "Pause";
  log("play_video", { currentTime: now() });
  requestAnimationFrame(run);
}

function pause() {
  advance();
  playing = false;
  playButton.textContent = "Play";
  log("pause_video", { currentTime: now() });
  draw();
}

function advance() {
  const moment = performance.now();
  position = Math.min(position + ((moment - last) / 1000) * speed, duration);
  last = moment;
}

function run() {
  if (!playing) {
    return;
  }
  advance();
  draw();
  if (position >= duration * NEARLY_ALL && !isComplete) {
    isComplete = true;
    window.Unit.complete();
  }
  if (position >= duration) {
    playing = false;
    playButton.textContent = "Play again";
    log("stop_video", { currentTime: duration });
    return;
  }
  requestAnimationFrame(run);
}

function asClock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function draw() {
  drawScene();
  if (!isDragging) {
    slider.value = position;
  }
  slider.setAttribute("aria-valuetext", `${asClock(position)} of ${asClock(duration)}`);
  clock.textContent = `${asClock(position)} / ${asClock(duration)}`;
  const line = Math.min(Math.floor((position / duration) * captions.length), captions.length - 1);
  if (caption.textContent !== captions[line]) {
    caption.textContent = captions[line];
  }
}

function drawScene() {
  const { width, height } = picture;
  const day = position / duration;
  const sky = pen.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${215 - 20 * day} 62% ${18 + 26 * day}%)`);
  sky.addColorStop(1, `hsl(${25 + 15 * day} 72% ${52 + 18 * day}%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#ffd166";
  pen.beginPath();
  pen.arc(width * (0.15 + 0.55 * day), height * (0.62 - 0.42 * day), 46, 0, 2 * Math.PI);
  pen.fill();
  drawLighthouse(width * 0.78, height * 0.68, position * 0.9);
  for (let row = 0; row < 4; row += 1) {
    drawWave(height * (0.68 + row * 0.09), row, width, height);
  }
}

function drawLighthouse(x, y, turn) {
  const beam = Math.cos(turn);
  pen.fillStyle = "rgb(255 236 170 / 38%)";
  pen.beginPath();
  pen.moveTo(x, y - 232);
  pen.lineTo(x - 620 * beam, y - 320);
  pen.lineTo(x - 620 * beam, y - 130);
  pen.fill();
  pen.fillStyle = "#16303f";
  pen.beginPath();
  pen.ellipse(x, y + 18, 170, 52, 0, 0, 2 * Math.PI);
  pen.fill();
  const stripes = ["#f7f4ee", "#c8492a", "#f7f4ee", "#c8492a", "#f7f4ee"];
  stripes.forEach((colour, part) => {
    const low = 46 - part * 5;
    const high = 41 - part * 5;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.moveTo(x - low, y - part * 42);
    pen.lineTo(x + low, y - part * 42);
    pen.lineTo(x + high, y - (part + 1) * 42);
    pen.lineTo(x - high, y - (part + 1) * 42);
    pen.fill();
  });
  pen.fillStyle = "#16303f";
  pen.fillRect(x - 30, y - 252, 60, 42);
  pen.fillStyle = "#ffe9a8";
  pen.fillRect(x - 18, y - 246, 36, 30);
  pen.fillStyle = "#c8492a";
  pen.beginPath();
  pen.moveTo(x - 36, y - 252);
  pen.lineTo(x, y - 288);
  pen.lineTo(x + 36, y - 252);
  pen.fill();
}

function drawWave(top, row, width, height) {
  pen.fillStyle = `hsl(198 ${58 - row * 4}% ${40 - row * 7}%)`;
  pen.beginPath();
  pen.moveTo(0, height);
  for (let x = 0; x <= width; x += 12) {
    pen.lineTo(x, top + 11 * Math.sin(x / (70 + row * 16) + position * (0.7 + row * 0.22)));
  }
  pen.lineTo(width, height);
  pen.fill();
}

playButton.addEventListener("click", () => (playing ? pause() : play()));
slider.addEventListener("input", () => {
  isDragging = true;
});
slider.addEventListener("change", () => {
  isDragging = false;
  const before = now();
  position = Number(slider.value);
  last = performance.now();
  log("seek_video", { old_time: before, new_time: position, type: "onSlideSeek" });
  // After a seek the platform's player reports that it plays again.
  if (playing) {
    log("play_video", { currentTime: now() });
  }
  draw();
});
speedChoice.addEventListener("change", () => {
  if (playing) {
    advance();
  }
  const before = speed;
  speed = Number(speedChoice.value);
  log("speed_change_video", {
    current_time: now(),
    old_speed: before.toFixed(2),
    new_speed: speed.toFixed(2),
  });
});

log("load_video", {});
draw();
