// Stands in for MathJax, a fifth of all that a page would load: no workbook has formulas to set.
window.MathJax = {
  Ajax: {},
  Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } },
};
