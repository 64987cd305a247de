package dev.upbeat.trace;

import java.util.List;
import java.util.SortedMap;

/**
 * The heads that were looked at and the groups they fell into (Eq. 7-8): what heads.json holds.
 *
 * @param layers the candidate layers, ascending
 * @param spanTokens mean look-back distance of each head, tokens: layer -> [H]
 * @param local the heads of smallest span, by (layer, head)
 * @param global the heads of largest span, by (layer, head)
 * @param receiver the receiver heads, by (layer, head); empty where none were asked for or no response counted
 * @param rho share of heads in the local and in the global group
 * @param receiverRho rho_r, share of the heads that are receivers
 * @param window W of WAAD, tokens
 * @param horizon of FAI
 */
public record HeadGroups(
        List<Integer> layers,
        SortedMap<Integer, float[]> spanTokens,
        List<Head> local,
        List<Head> global,
        List<Head> receiver,
        double rho,
        double receiverRho,
        int window,
        Horizon horizon) {
    /** rho_r where nobody says otherwise, and of a heads.json that does not tell it. */
    public static final double DEFAULT_RECEIVER_RHO = 0.1;

    public HeadGroups {
        layers = List.copyOf(layers);
        local = List.copyOf(local);
        global = List.copyOf(global);
        receiver = List.copyOf(receiver);
    }
}
