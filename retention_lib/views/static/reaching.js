// Joined in front of each script with a box that may be wider than its place (see widgets.py).

// A box that must be scrolled to be read can be scrolled with the keyboard too.
function reach(box, label) {
  if (box.scrollWidth > box.clientWidth) {
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", label);
  } else if (document.activeElement !== box) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  }
}
