// The page at the end of an attempt that began in a web chat: it tells the chat, and only the chat, that its user is back, and
// closes. Without an opener, or when the browser keeps the tab open, its words say what to do.
"use strict";

const linked = document.getElementById("linked");
const { conversation, status, origin } = linked.dataset;
if (window.opener && conversation && origin) {
  window.opener.postMessage({ type: "grantbook:linked", conversation, status }, origin);
  // Whoever logged in has still to read the code.
  if (!document.querySelector(".handover")) {
    window.close();
  }
}
