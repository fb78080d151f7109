// The sandbox's web chat. The page at the end of the attempt notifies it when the user is back; the answer then comes from the
// server, which asks Grantbook again. Without scripts, the user presses "Continue".
"use strict";

const { conversation } = document.getElementById("chat")?.dataset ?? {};

window.addEventListener("message", (event) => {
  const linked = event.origin === window.location.origin && event.data?.type === "grantbook:linked";
  if (linked && event.data.conversation === conversation) {
    window.location.reload();
  }
});
