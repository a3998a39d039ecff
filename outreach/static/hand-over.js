// the sheet is printed at a press
document.querySelector("[data-print]").addEventListener("click", () => print());
