using Agentic.Agent;

namespace Agentic.Cli;

/// <summary>Means over scored trajectories.</summary>
internal sealed class ScoringTally
{
    private readonly SortedDictionary<string, int> _units = new(StringComparer.Ordinal);
    private double _em, _f1, _outcome, _format, _process, _steps, _tokens;
    private int _multi, _obeyed;

    public int Trajectories { get; private set; }

    /// <summary>Attempts that say nothing of the policy.</summary>
    public int LeftOut { get; private set; }

    public void LeaveOut() => LeftOut++;

    public void Add(ScoredTrajectory scored)
    {
        Trajectories++;
        _em += scored.Em;
        _f1 += scored.F1;
        _outcome += scored.Reward.Outcome;
        _format += scored.Reward.Format;
        _steps += scored.Trajectory.Steps.Count;
        _tokens += scored.Trajectory.Tokens.Total;
        _obeyed += scored.Obeyed is null ? 0 : 1;
        var unit = scored.Unit is { } known ? Choice.Word(known) : "none";
        _units[unit] = _units.GetValueOrDefault(unit) + 1;
        if (scored.Kind == HopKind.Multi)
        {
            _multi++;
            _process += scored.Reward.Process;
        }
    }

    public object Report() => new
    {
        Trajectories,
        LeftOut,
        Multi = _multi,
        Units = _units,
        Em = Mean(_em, Trajectories),
        F1 = Mean(_f1, Trajectories),
        ROut = Mean(_outcome, Trajectories),
        RFmt = Mean(_format, Trajectories),
        RProcessOfMulti = Mean(_process, _multi),
        Steps = Mean(_steps, Trajectories),
        TotalTokens = Mean(_tokens, Trajectories),
        ObeyedAnInstruction = _obeyed,
    };

    private static double Mean(double sum, int count) => count == 0 ? 0 : sum / count;
}
