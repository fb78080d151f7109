/** Tries what an operator configured, before a user does, and says in plain words what is wrong. */
@NullMarked
package dev.grantbook.doctor;

import org.jspecify.annotations.NullMarked;
