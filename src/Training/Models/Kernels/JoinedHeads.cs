namespace Agentic.Training;

/// <summary>Where the heads lie in the joined projections [R, L, (A + 2 K) D] and in the output [R, L, A D]. A task is one key head of one row; its positions start after the row's padding.</summary>
internal readonly struct JoinedHeads(long[] shape, FusedAttention.Settings settings)
{
    /// <summary>R.</summary>
    public long Rows { get; } = shape[0];

    /// <summary>L.</summary>
    public long Length { get; } = shape[1];

    /// <summary>A.</summary>
    public int QueryHeads { get; } = settings.QueryHeads;

    /// <summary>D.</summary>
    public int Width { get; } = (int)(shape[2] / (settings.QueryHeads + (2 * settings.KeyHeads)));

    /// <summary>R K.</summary>
    public long Tasks { get; } = shape[0] * settings.KeyHeads;

    private int KeyHeads { get; } = settings.KeyHeads;

    private long[]? Padding { get; } = settings.LeftPadding;

    /// <summary>Positions of a task.</summary>
    public int Positions(long task) => (int)(Length - First(task));

    /// <summary>The query heads that read a task's key head.</summary>
    public (int First, int End) Group(long task)
    {
        var group = QueryHeads / KeyHeads;
        var keyHead = (int)(task % KeyHeads);
        return (keyHead * group, (keyHead + 1) * group);
    }

    /// <summary>Query head <paramref name="head"/> in the joined projections.</summary>
    public RowView Query(RowView joined, long task, int head) => At(joined, task, head);

    /// <summary>The task's key head.</summary>
    public RowView Key(RowView joined, long task) => At(joined, task, QueryHeads + (task % KeyHeads));

    /// <summary>The task's value head.</summary>
    public RowView Value(RowView joined, long task) => At(joined, task, QueryHeads + KeyHeads + (task % KeyHeads));

    /// <summary>Head <paramref name="head"/> of the output.</summary>
    public RowView Output(RowView output, long task, int head) => At(output, task, head);

    /// <summary>Offset of a query head's sums in [R, A, L].</summary>
    public long Sums(long task, int head) => ((((task / KeyHeads) * QueryHeads) + head) * Length) + First(task);

    private long First(long task) => Padding?[task / KeyHeads] ?? 0;

    private RowView At(RowView view, long task, long head) => view.From(((task / KeyHeads) * Length) + First(task)).Columns(head * Width, Width);
}
