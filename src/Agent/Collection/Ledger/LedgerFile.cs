using System.Globalization;
using System.Text.Json;
using Agentic.Retrieval;
using Microsoft.Data.Sqlite;

namespace Agentic.Agent;

/// <summary>The SQLite file of a collection: runs, their questions, and one row an attempt that goes planned, leased, committed or failed.</summary>
/// <remarks>
/// Write-ahead log with full synchronisation: what a transaction committed is there after a kill or a power cut. Safe for concurrent use by the threads of one process.
/// </remarks>
internal sealed class LedgerFile : IDisposable
{
    public const string FileName = "collection.db";
    private const int CurrentFormat = 1;
    private const int MostInOne = 100;

    private const string Schema = """
        CREATE TABLE run(seq INTEGER PRIMARY KEY, id TEXT NOT NULL, configuration TEXT NOT NULL, header TEXT, samples INTEGER NOT NULL) STRICT;
        CREATE TABLE question(run INTEGER NOT NULL, place INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY(run, place)) STRICT, WITHOUT ROWID;
        CREATE TABLE task(run INTEGER NOT NULL, ordinal INTEGER NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
            tokens INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0, line INTEGER, PRIMARY KEY(run, ordinal)) STRICT, WITHOUT ROWID;
        CREATE INDEX task_state ON task(run, state, ordinal);
        CREATE TABLE line(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    private LedgerFile(SqliteConnection connection, string path) => (_connection, Path) = (connection, path);

    /// <summary>States of an attempt; the numbers are on disk.</summary>
    public enum State
    {
        Planned = 0,
        Leased = 1,
        Committed = 2,
        Failed = 3,
    }

    public string Path { get; }

    public static string PathIn(string folder) => System.IO.Path.Combine(folder, FileName);

    /// <summary>Opens the file, and makes it when it may.</summary>
    /// <exception cref="AgenticException">It is not there, no ledger, of another format, or cannot be written.</exception>
    public static LedgerFile Open(string folder, bool create)
    {
        var path = PathIn(folder);
        var mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        var file = new LedgerFile(connection, path);
        try
        {
            return file.Guarded(() =>
            {
                connection.Open();
                file.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
                file.RequireFormat(create);
                return file;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs something in one transaction: all of it is there afterwards, or nothing.</summary>
    public T Write<T>(Func<T> work) => Guarded(() =>
    {
        using var transaction = _connection.BeginTransaction();
        var result = work();
        transaction.Commit();
        return result;
    });

    /// <summary>Runs something under the lock, with SQLite's failures in words.</summary>
    public T Guarded<T>(Func<T> work)
    {
        lock (_gate)
        {
            try
            {
                return work();
            }
            catch (SqliteException problem)
            {
                throw new AgenticException($"{Path}: {Reason(problem)}", problem);
            }
        }
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, read to the end at once.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Lines of made attempts by their place in the plan, a few in memory at a time.</summary>
    public IEnumerable<(int Ordinal, State State, byte[] Line)> Lines(long run)
    {
        for (var next = 0; ;)
        {
            var from = next;
            var page = Guarded(() => Query(
                "SELECT task.ordinal, task.state, line.bytes FROM task JOIN line ON line.id = task.line WHERE task.run = $run AND task.ordinal >= $from ORDER BY task.ordinal LIMIT $limit",
                row => (row.GetInt32(0), (State)row.GetInt32(1), row.GetFieldValue<byte[]>(2)),
                ("$run", run), ("$from", from), ("$limit", MostInOne)));
            foreach (var (ordinal, state, packed) in page)
            {
                yield return (ordinal, state, Unpacked(ordinal, packed));
            }

            if (page.Count < MostInOne)
            {
                yield break;
            }

            next = page[^1].Item1 + 1;
        }
    }

    public void Dispose() => _connection.Dispose();

    private byte[] Unpacked(int ordinal, byte[] packed)
    {
        try
        {
            return StoredLine.Unpack(packed);
        }
        catch (InvalidDataException damage)
        {
            throw new AgenticException($"{Path}: attempt {ordinal}: {damage.Message}; restore the file", damage);
        }
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private void RequireFormat(bool create)
    {
        var format = Query("PRAGMA user_version", row => row.GetInt32(0))[0];
        if (format == 0 && create && Query("SELECT count(*) FROM sqlite_schema", row => row.GetInt32(0))[0] == 0)
        {
            using var transaction = _connection.BeginTransaction();
            Execute(Schema);
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {CurrentFormat}"));
            transaction.Commit();
        }
        else if (format != CurrentFormat)
        {
            throw new AgenticException(format == 0
                ? $"{Path}: is no collection, or the beginning of one; name a folder that 'collect' wrote"
                : $"{Path}: is of format {format}, this version reads format {CurrentFormat}");
        }
    }

    private static string Reason(SqliteException problem) => problem.SqliteErrorCode switch
    {
        13 => "the disk is full; free some space and run the same command again: what was committed is safe",
        14 => "cannot be opened; name a folder that 'collect' wrote, and one that you may write",
        8 => "cannot be written: it is read-only",
        11 or 26 => $"is damaged or no collection ({problem.Message}); restore it, or collect into another folder",
        _ => $"SQLite says: {problem.Message}; check the disk and run the same command again",
    };
}
