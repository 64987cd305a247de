package dev.upbeat.hub;

import java.util.List;

/**
 * The hub's listing of a revision.
 *
 * @param commit commit of the revision at this time, 40 hex digits
 * @param files names of all its files, unchecked
 */
record HubListing(HubId id, String commit, List<String> files) {}
