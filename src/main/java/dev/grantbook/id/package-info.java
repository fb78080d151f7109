/**
 * Ids as types, so that the compiler tells a connector from a subject and a grant. Knows nothing of what an id names,
 * of tables and of JSON: entities keep ids as columns of text, and requests are checked before an id is made of them.
 */
@NullMarked
package dev.grantbook.id;

import org.jspecify.annotations.NullMarked;
