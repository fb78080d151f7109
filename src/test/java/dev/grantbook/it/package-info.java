/**
 * Grantbook as its users meet it: the built WAR on a real server, with real databases, browsers and HTTP. Tests here
 * know the product by its URLs only and use none of its classes.
 */
@NullMarked
package dev.grantbook.it;

import org.jspecify.annotations.NullMarked;
