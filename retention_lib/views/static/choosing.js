// Joined in front of each script that takes files (see widgets.py).

const isOfFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

// Files that are chosen in a field, or dragged onto the block it stands in.
function takesFiles(zone, input, take) {
  const leave = () => zone.classList.remove("rw-over");
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    input.value = ""; // so that the same file can be chosen again
    if (chosen.length) take(chosen);
  });
  zone.addEventListener("dragover", (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    zone.classList.add("rw-over");
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) leave();
  });
  zone.addEventListener("drop", (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    leave();
    const dropped = [...event.dataTransfer.files];
    if (dropped.length) take(dropped);
  });
}

// A file is looked at before it is read, and read here: gives its bytes, or null and says why.
async function readFile(file, largest, say) {
  if (file.size > largest) {
    const megabytes = (file.size / 1e6).toLocaleString("en-GB", { maximumFractionDigits: 1 });
    say(`${file.name} is ${megabytes} MB. It was not read: a file may have ${largest / 1e6} MB at most.`);
    return null;
  }
  try {
    return await file.arrayBuffer();
  } catch {
    say(`${file.name} cannot be read. Is it still there, and closed in other programs?`);
    return null;
  }
}
