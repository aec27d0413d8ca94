using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A place in the data: the update after this place is number <paramref name="Update"/> (0-based) of epoch <paramref name="Epoch"/> (0-based).</summary>
public readonly record struct DataCursor(int Epoch, int Update);

/// <summary>The endless stream of updates over the items, epoch after epoch, which can go on from any cursor.</summary>
internal sealed class UpdateStream(ITrainingItems items, Seed seed, int tokensPerUpdate)
{
    private EpochPlan? _plan;

    /// <summary>Where the next update is taken from.</summary>
    public DataCursor Cursor { get; set; }

    /// <summary>The plan of the cursor's epoch.</summary>
    private EpochPlan Plan => _plan ??= EpochPlan.Make(items, seed, Cursor.Epoch, tokensPerUpdate);

    /// <summary>Share of the epochs that is behind the cursor, like 1.5.</summary>
    public double Epochs => Cursor.Epoch + ((double)Cursor.Update / Plan.Updates.Count);

    /// <summary>Updates of the first <paramref name="epochs"/> epochs; they need not be equally long.</summary>
    public int UpdatesOf(int epochs) => Enumerable.Range(0, epochs).Sum(epoch => EpochPlan.Make(items, seed, epoch, tokensPerUpdate).Updates.Count);

    /// <summary>Items of the next update.</summary>
    public IReadOnlyList<int> Next()
    {
        var update = Plan.Updates[Cursor.Update];
        if (Cursor.Update + 1 < Plan.Updates.Count)
        {
            Cursor = Cursor with { Update = Cursor.Update + 1 };
        }
        else
        {
            (Cursor, _plan) = (new DataCursor(Cursor.Epoch + 1, 0), null);
        }

        return update;
    }

    /// <summary>Goes to a place saved earlier.</summary>
    public void Seek(DataCursor cursor)
    {
        (Cursor, _plan) = (cursor, null);
        if (cursor.Epoch < 0 || cursor.Update < 0 || cursor.Update >= Plan.Updates.Count)
        {
            throw new AgenticException($"update {cursor.Update} of epoch {cursor.Epoch} does not exist in these data; the checkpoint belongs to others");
        }
    }
}
