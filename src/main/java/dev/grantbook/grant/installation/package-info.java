/** Lists the installations of an app in workspaces of a provider, each with the grants that belong to it. */
@NullMarked
package dev.grantbook.grant.installation;

import org.jspecify.annotations.NullMarked;
