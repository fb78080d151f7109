package dev.grantbook.grant.search;

/** Searches whose rare and frequent texts need few grants. */
public final class TestSearch {

    private TestSearch() {}

    /** Sets the most matches of a rare text, and those of a text that is not frequent. */
    public static void limit(GrantSearch search, int rare, int frequent) {
        search.rare = rare;
        search.frequent = frequent;
    }
}
