// An address that opens once is taken out of the browser's history as soon as its page is shown.
"use strict";
{
  const unnamed = document.querySelector("[data-unnamed]");
  if (unnamed) history.replaceState(null, "", unnamed.dataset.unnamed);
}
