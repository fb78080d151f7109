package dev.grantbook.invitation;

/**
 * Where users of a provider end what they allowed, in the page's language.
 *
 * @param path through the menus, in the provider's own words; empty when nobody knows it
 * @param url empty when only an app has that page
 */
public record SettingsLink(String path, String url) {}
