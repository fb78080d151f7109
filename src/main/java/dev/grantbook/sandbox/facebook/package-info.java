/** Facebook, emulated: the log-in dialog, the Graph API and its notices. */
@NullMarked
package dev.grantbook.sandbox.facebook;

import org.jspecify.annotations.NullMarked;
