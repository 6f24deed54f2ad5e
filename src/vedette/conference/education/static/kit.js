// Marks the quiz and saves what was filled in as a file on the reader's own machine. Sends nothing anywhere.
"use strict";

function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(link.href);
}

function chosen(form, name) {
  const input = form.querySelector(`input[name="${name}"]:checked`);
  return input ? input.value : "";
}

function mark(form) {
  const quiz = JSON.parse(form.dataset.quiz);
  const answers = {};
  let right = 0;
  let open = null;
  for (const [id, letter] of Object.entries(quiz.right)) {
    answers[id] = chosen(form, id);
    open = open || (answers[id] ? null : id);
    right += answers[id] === letter ? 1 : 0;
  }
  const result = document.getElementById("result");
  if (open) {
    result.textContent = form.dataset.open;
    document.querySelector(`#q-${open} input`).focus();
    return;
  }
  for (const [id, letter] of Object.entries(quiz.right)) {
    const field = document.getElementById(`q-${id}`);
    const told = field.querySelector(".mark");
    field.classList.toggle("right", answers[id] === letter);
    field.classList.toggle("wrong", answers[id] !== letter);
    told.textContent = answers[id] === letter ? form.dataset.right : form.dataset.wrong;
    told.hidden = false;
    field.querySelector(".why").open = true;
  }
  const passed = right >= quiz.needed;
  result.textContent = `${right} / ${Object.keys(quiz.right).length}. ${passed ? form.dataset.passed : form.dataset.again} ${form.dataset.told}`;
  result.classList.toggle("passed", passed);
  result.focus();
  document.getElementById("statement").hidden = !passed;
}

function statement(form) {
  const quiz = JSON.parse(form.dataset.quiz);
  const person = document.getElementById("person").value.trim();
  document.getElementById("lacking").hidden = person !== "";
  if (!person) {
    document.getElementById("person").focus();
    return;
  }
  const answers = {};
  for (const id of Object.keys(quiz.right)) answers[id] = chosen(form, id);
  const now = new Date();
  const day = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  const told = {
    kind: "vedette-education-completion",
    quiz: quiz.quiz,
    language: quiz.language,
    completed_on: day,
    person,
    named: document.getElementById("named").checked,
    answers,
  };
  save("completion.json", JSON.stringify(told, null, 1) + "\n", "application/json");
}

function filled(form) {
  const lines = [document.querySelector("h1").textContent, ""];
  for (const section of form.querySelectorAll("section")) {
    const title = section.querySelector("h2");
    if (title) lines.push("", title.textContent, "");
    for (const input of section.querySelectorAll("input, textarea")) {
      const label = input.labels[0].textContent.trim();
      if (input.type === "checkbox" || input.type === "radio") lines.push(`[${input.checked ? "x" : " "}] ${label}`);
      else lines.push(label, `    ${input.value.replaceAll("\n", "\n    ")}`);
    }
  }
  return lines.join("\n") + "\n";
}

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[data-act]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const form = button.closest("form") || document.querySelector("form");
      const act = button.dataset.act;
      if (act === "print") window.print();
      if (act === "mark") mark(form);
      if (act === "statement") statement(form);
      if (act === "save") save(button.dataset.name, filled(form), "text/plain;charset=utf-8");
    });
  }
  document.addEventListener("submit", (event) => event.preventDefault());
});
