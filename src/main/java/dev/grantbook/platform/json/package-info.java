/** JSON and YAML documents, and the schemas they must satisfy. */
@NullMarked
package dev.grantbook.platform.json;

import org.jspecify.annotations.NullMarked;
