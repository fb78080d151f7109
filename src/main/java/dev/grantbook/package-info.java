/** The front door: puts the rooms together into one application. Knows every room; no room knows it. */
@NullMarked
package dev.grantbook;

import org.jspecify.annotations.NullMarked;
