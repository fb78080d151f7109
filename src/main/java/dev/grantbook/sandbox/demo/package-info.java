/** A bot and a web chat to try Grantbook with. */
@NullMarked
package dev.grantbook.sandbox.demo;

import org.jspecify.annotations.NullMarked;
