/** Ways in which providers depart from the standards, as values with their behaviour. Knows no provider's name. */
@NullMarked
package dev.grantbook.catalogue.dialect;

import org.jspecify.annotations.NullMarked;
