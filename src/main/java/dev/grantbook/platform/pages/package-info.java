/** Pages in general: their addresses, views, languages and sentences. */
@NullMarked
package dev.grantbook.platform.pages;

import org.jspecify.annotations.NullMarked;
