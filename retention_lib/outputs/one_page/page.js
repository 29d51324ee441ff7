"use strict";
// Every answer was worked out before this page was sent. This looks them up and works nothing out.
(() => {
  const at = (id) => document.getElementById(id);
  const grid = JSON.parse(at("grid").textContent);
  const words = (place) => grid.texts[place].map((piece) => grid.pieces[piece]).join("");
  const together = (places) => places.map(words).join(" ");
  const inputs = grid.levers.map((_, lever) => at(`lever-${lever}`));
  const atRest = 700;
  let resting;

  function element(tag, place) {
    const made = document.createElement(tag);
    made.textContent = words(place);
    return made;
  }

  function fact([figure, label]) {
    const made = document.createElement("li");
    made.append(element("b", figure), element("span", label));
    return made;
  }

  function bar([label, money, left, width, look]) {
    const made = at("bar").content.cloneNode(true);
    const drawn = made.querySelector("rect");
    made.querySelector("th").textContent = words(label);
    made.querySelector(".figure").textContent = words(money);
    drawn.setAttribute("x", words(left));
    drawn.setAttribute("width", words(width));
    drawn.setAttribute("class", words(look));
    return made;
  }

  function announce(text) {
    clearTimeout(resting);
    resting = setTimeout(() => { at("status").textContent = text; }, atRest);
  }

  function showAnswer([headline, said, tone, lead, rest, facts, bars]) {
    at("headline").textContent = words(headline);
    at("now").textContent = words(said);
    at("answer").dataset.tone = words(tone);
    at("levers").dataset.tone = words(tone);
    at("lead").textContent = together(lead);
    at("rest").replaceChildren(...rest.map((place) => element("li", place)));
    at("facts").replaceChildren(...facts.map(fact));
    at("bars").replaceChildren(...bars.map(bar));
    at("moving").hidden = bars.length === 0;
  }

  function show() {
    const places = inputs.map((input) => input.valueAsNumber);
    const moved = places.some((place, lever) => place !== grid.own[lever]);
    inputs.forEach((input, lever) => {
      const text = words(grid.levers[lever][places[lever]]);
      input.setAttribute("aria-valuetext", text);
      at(`value-${lever}`).textContent = text;
    });
    showAnswer(places.reduce((found, place) => found[place], grid.points));
    document.querySelectorAll("[data-when-moved]").forEach((part) => { part.hidden = !moved; });
    return moved;
  }

  function changed() {
    const moved = show();
    const now = at("now").textContent;
    announce(moved ? now : `The answer as sent. ${now}`);
  }

  function putBack() {
    inputs.forEach((input, lever) => { input.value = grid.own[lever]; });
    changed();
    inputs[0].focus();
  }

  inputs.forEach((input) => input.addEventListener("input", changed));
  at("back").addEventListener("click", putBack);
  at("levers").hidden = false;
  at("no-script").hidden = true;
  show();
})();
