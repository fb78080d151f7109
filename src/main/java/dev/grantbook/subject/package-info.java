/** What belongs to one chat user, over all rooms: export, erasure, and the page where a user sees and ends grants. */
@NullMarked
package dev.grantbook.subject;

import org.jspecify.annotations.NullMarked;
