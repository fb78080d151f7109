// The sandbox's web chat. The page at the end of the attempt says when its user is back; the answer then comes from the
// server, which asks Grantbook again. Whoever has no scripts presses "Continue".
"use strict";

const { conversation } = document.getElementById("chat")?.dataset ?? {};

window.addEventListener("message", (event) => {
  const linked = event.origin === window.location.origin && event.data?.type === "grantbook:linked";
  if (linked && event.data.conversation === conversation) {
    window.location.reload();
  }
});
