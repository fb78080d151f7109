/** Meta's protocol of notices: signed requests, account linking, changed permissions. Parses; decides nothing. */
@NullMarked
package dev.grantbook.notice.meta;

import org.jspecify.annotations.NullMarked;
