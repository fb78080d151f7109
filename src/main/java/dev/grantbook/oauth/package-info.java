/** Values of the OAuth 2.0 protocol (RFC 6749, 7636, 9207). Knows no server, no database and no network. */
@NullMarked
package dev.grantbook.oauth;

import org.jspecify.annotations.NullMarked;
