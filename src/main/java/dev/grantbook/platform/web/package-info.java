/** Rules for each HTTP request and response, whatever room serves it. */
@NullMarked
package dev.grantbook.platform.web;

import org.jspecify.annotations.NullMarked;
