/**
 * Names each known way in which providers depart from the standards, as a value with its behaviour. It knows no
 * provider's name.
 */
@NullMarked
package dev.grantbook.catalogue.dialect;

import org.jspecify.annotations.NullMarked;
