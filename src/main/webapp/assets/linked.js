// The page at the end of an attempt that began in a web chat: notifies the chat, and no other page, that its user is back, and
// closes. Without an opener, or when the browser keeps the tab open, its text says how to go on.
"use strict";

const linked = document.getElementById("linked");
const { conversation, status, origin } = linked.dataset;
if (window.opener && conversation && origin) {
  window.opener.postMessage({ type: "grantbook:linked", conversation, status }, origin);
  // The user has to read the code first.
  if (!document.querySelector(".handover")) {
    window.close();
  }
}
