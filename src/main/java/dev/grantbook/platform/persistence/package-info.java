/** The database: connections, migrations, converters, and how concurrent changes are made safe. */
@NullMarked
package dev.grantbook.platform.persistence;

import org.jspecify.annotations.NullMarked;
