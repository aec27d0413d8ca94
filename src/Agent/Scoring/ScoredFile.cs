using System.IO.Compression;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A row of a scored file as far as pairing reads it.</summary>
/// <param name="Question">Its question: the candidates of one question have it in common.</param>
/// <param name="Candidate">Its rewards.</param>
internal sealed record ScoredRow(string Question, PairCandidate Candidate)
{
    /// <summary>True for a row of another scorer, without the text of the trajectory.</summary>
    public bool IsMinimal { get; init; }

    /// <summary>Where its line begins in the file, and how long it is.</summary>
    public long Offset { get; init; }

    public int Length { get; init; }

    public long Line { get; init; }
}

/// <summary>A file of scored trajectories, ours or minimal: read once for the rewards, and then by place for the rows that are needed. So a file of any length fits.</summary>
internal sealed class ScoredFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private ScoredFile(string path, FileStream stream)
    {
        (_path, _stream) = (path, stream);
        Rows = ReadRows();
    }

    /// <summary>How a policy was asked; null when the file does not say.</summary>
    public DemonstrationHeader? Header { get; private set; }

    /// <summary>The rows in file order.</summary>
    public IReadOnlyList<ScoredRow> Rows { get; }

    /// <summary>Opens a file; a compressed one is unpacked beside the temporary files of the system.</summary>
    /// <exception cref="AgenticException">It is missing, broken, mixes our rows with minimal ones, or names a trajectory twice; with file and line.</exception>
    public static ScoredFile Open(string path)
    {
        var stream = Seekable(path);
        try
        {
            return new ScoredFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A row as JSON; valid until disposed.</summary>
    public JsonDocument Read(ScoredRow row)
    {
        var bytes = new byte[row.Length];
        _stream.Seek(row.Offset, SeekOrigin.Begin);
        _stream.ReadExactly(bytes);
        return JsonRecord.Parse(_path, row.Line, bytes, torn: false);
    }

    /// <summary>The segments of one of our rows.</summary>
    public IReadOnlyList<Segment> Segments(ScoredRow row, JsonDocument document)
    {
        var record = new JsonRecord(_path, row.Line, document.RootElement);
        return [.. record.Elements(ScoredJson.Segments).Select(element => SegmentJson.Of(record, element))];
    }

    public void Dispose() => _stream.Dispose();

    private List<ScoredRow> ReadRows()
    {
        var (rows, names, start) = (new List<ScoredRow>(), new Dictionary<string, string>(StringComparer.Ordinal), 0L);
        var seen = new HashSet<(string, string)>();
        foreach (var line in LogLines.Read(_stream))
        {
            var (offset, length) = (start, line.Bytes.Length);
            start = line.End;
            if (line.Bytes.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            using var document = JsonRecord.Parse(_path, line.Number, line.Bytes, line.IsTorn);
            var record = new JsonRecord(_path, line.Number, document.RootElement);
            if (rows.Count == 0 && Header is null && ScoredJson.IsHeader(record.Value))
            {
                Header = DemonstrationJson.HeaderOf(record, ScoredJson.Kind);
                continue;
            }

            var row = ScoredJson.RowOf(record);
            row = row with { Question = Shared(names, row.Question), Offset = offset, Length = length, Line = line.Number };
            if (rows.Count > 0 && rows[0].IsMinimal != row.IsMinimal)
            {
                throw record.Broken("mixes rows with \"segments\" and rows with \"trajectory\"; pair them apart");
            }

            if (!seen.Add((row.Question, row.Candidate.Id)))
            {
                throw record.Broken($"names the trajectory \"{row.Candidate.Id}\" of question \"{row.Question}\" a second time; a trajectory is scored once");
            }

            rows.Add(row);
        }

        return rows.Count > 0 ? rows : throw new InputFormatException(_path, 0, "holds no scored trajectories; give a file that 'score' wrote");
    }

    private static string Shared(Dictionary<string, string> names, string name)
    {
        if (!names.TryGetValue(name, out var known))
        {
            names.Add(name, known = name);
        }

        return known;
    }

    private static FileStream Seekable(string path)
    {
        using var source = TextSource.Open(path);
        if (source is FileStream)
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }

        var unpacked = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        try
        {
            source.CopyTo(unpacked);
            unpacked.Position = 0;
            return unpacked;
        }
        catch (InvalidDataException damage)
        {
            unpacked.Dispose();
            throw TextSource.Damaged(path, 0, damage);
        }
    }
}
