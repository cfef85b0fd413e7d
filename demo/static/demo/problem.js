// A question: the browser reports that an answer is sent, the server says whether it is right.
const form = document.querySelector(".problem");
const verdict = form.querySelector("[data-verdict]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const choice = new FormData(form).get("answer");
  const button = form.querySelector("button");
  button.disabled = true;
  window.Logger.log("problem_check", `input_${form.dataset.problem}_2_1=${choice}`);
  const answer = await window.Unit.post(form.action, { answer: choice });
  button.disabled = false;
  if (!answer.ok) {
    show("That could not be sent. Please try again.", false);
    return;
  }
  const result = await answer.json();
  const isRight = result.success === "correct";
  show(isRight ? `Correct. ${result.explanation}` : "Not right yet. Try again.", isRight);
  form.querySelector("[data-attempts]").textContent = result.attempts === 1 ? "1 attempt" : `${result.attempts} attempts`;
  window.Unit.tell(result.course);
});

function show(text, isRight) {
  verdict.textContent = text;
  verdict.className = `verdict ${isRight ? "verdict--right" : "verdict--wrong"}`;
}
