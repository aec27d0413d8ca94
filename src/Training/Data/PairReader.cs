using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Reads preference pairs for one model: with its tokenizer, for its context.</summary>
public sealed class PairReader
{
    /// <summary>A reader for a model.</summary>
    /// <param name="modelFolder">The model; its weights are not read.</param>
    /// <param name="longRows">What happens to pairs with a side longer than its context.</param>
    /// <exception cref="AgenticException">There is no model, or its tokenizer belongs to another.</exception>
    public PairReader(string modelFolder, LongRows longRows)
    {
        LongRows = longRows;
        Model = ModelFolder.Describe(modelFolder).Options;
        Tokenizer = ModelFolder.LoadTokenizer(modelFolder);
    }

    /// <summary>Shape of the model.</summary>
    public TransformerOptions Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ModelTokenizer Tokenizer { get; }

    /// <summary>What happens to pairs with a side longer than its context.</summary>
    public LongRows LongRows { get; }

    /// <summary>Reads and tokenises a file of pairs.</summary>
    /// <exception cref="InputFormatException">A row is broken or cannot be trained on; names row and fix.</exception>
    /// <exception cref="AgenticException">A pair is too long and refused, or none is left.</exception>
    public async Task<PairItems> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var maker = new RowTokenizer(Tokenizer);
        var pairs = new List<TokenizedPair>();
        await foreach (var pair in PairFile.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            pairs.Add(Tokenized(path, pairs.Count + 1, maker, pair));
        }

        return PairItems.Of(pairs, maker, Model.ContextLength, LongRows, path);
    }

    /// <summary>The pair of a 1-based row, with its authors; null when the file has fewer.</summary>
    public static async Task<TokenizedPair?> FindAsync(string path, int number, ModelTokenizer tokenizer, CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var pair in PairFile.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (++read == number)
            {
                return Tokenized(path, number, new RowTokenizer(tokenizer), pair);
            }
        }

        return null;
    }

    private static TokenizedPair Tokenized(string path, int number, RowTokenizer maker, PreferencePair pair)
    {
        try
        {
            return maker.Tokenize(pair);
        }
        catch (RowException problem)
        {
            throw new InputFormatException(path, 0, $"row {number}: {problem.Message}", problem);
        }
    }
}
