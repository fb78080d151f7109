/** What tests of several rooms need: settings for a while, and databases. */
@NullMarked
package dev.grantbook.testing;

import org.jspecify.annotations.NullMarked;
