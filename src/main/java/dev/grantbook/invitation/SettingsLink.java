package dev.grantbook.invitation;

/**
 * The provider's page where users revoke grants, in the visitor's language.
 *
 * @param path through the menus, in the provider's own words; empty when unknown
 * @param url empty when only an app has that page
 */
public record SettingsLink(String path, String url) {}
